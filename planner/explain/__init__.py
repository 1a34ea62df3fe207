"""Why a goal cannot be met."""
