"""What is raised where Python cannot pass it on: in a finalizer, or a callback of a weak reference."""

from __future__ import annotations

import _thread
import sys
import threading

from planner.machine.stopping import Stopped

#: Seconds after which Ctrl-C is sent again: once this hook is left, which cannot pass it on either.
LATER = 0.01


def hook(fault: sys.UnraisableHookArgs) -> None:
    """In place of `sys.unraisablehook`.

    Python prints such an exception and goes on. A watch that ended the work just there is nothing to print: it raises again.
    Ctrl-C is sent to the main thread again, as it would be lost here.
    """
    if fault.exc_type is KeyboardInterrupt:
        again = threading.Timer(LATER, _thread.interrupt_main)
        again.daemon = True
        again.start()
    elif fault.exc_type is not Stopped:
        sys.__unraisablehook__(fault)
