"""Options without a value: `--prove`, whose number may be left out, and all others, whose value may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup

from planner.language.message import Message

#: Gap of `--prove` without a number; the finest that may be asked for, since the months are solved to no more digits; and the
#: widest, since a wider one proves nothing of use, and who writes 0.5 means half of a per cent.
PROVEN, LEAST_PROVEN, MOST_PROVEN = 0.01, 1e-5, 0.2


class Commands(TyperGroup):
    """Commands, with the gap of `--prove` where no number follows it; another option is never taken for a value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments as they are meant."""
        return super().parse_args(ctx, up_to_missing(self, with_gap(args)))


def with_gap(args: Sequence[str]) -> list[str]:
    """The arguments with the number that `--prove` means without one."""
    found: list[str] = []
    for i, arg in enumerate(args):
        found.append(arg)
        is_alone = i + 1 == len(args) or args[i + 1].startswith("--")
        if arg == "--prove" and is_alone:
            found.append(f"{PROVEN:g}")
    return found


def up_to_missing(command: Any, args: Sequence[str]) -> list[str]:
    """All arguments; where an option is followed by another option in place of its value, only those up to the first of the two.

    Click would take the other option for the value: `--out --quiet` would write a folder of that name. Where nothing
    follows, it says that the value is missing.
    """
    i = 0
    while i + 1 < len(args):
        options = [param for param in command.params if param.param_type_name == "option"]
        valued = {name for option in options if not (option.is_flag or option.count) for name in option.opts}
        if args[i] in valued:
            if args[i + 1] in {"--help", *(name for option in options for name in (*option.opts, *option.secondary_opts))}:
                return list(args[: i + 1])
            i += 1
        else:
            command = (getattr(command, "commands", None) or {}).get(args[i], command)
        i += 1
    return list(args)


def prove_faults(prove: float | None, verify: bool) -> list[str]:
    """What is wrong with the gap of a proof, one line each."""
    faults: list[str] = []
    if prove is not None and not LEAST_PROVEN <= prove <= MOST_PROVEN:
        faults.append(
            Message(
                "--prove {prove}: is not within {least} to {most}; write a share (0.01 for 1 %)",
                prove=f"{prove:g}",
                least=f"{LEAST_PROVEN:g}",
                most=f"{MOST_PROVEN:g}",
            )
        )
    if prove is not None and not verify:
        faults.append(Message("--prove, --no-verify: contradict each other; what is proven is the cost in every hour"))
    return faults
