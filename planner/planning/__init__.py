"""From a case to its plans: methods, typical days that tell the truth, operation in all hours, repairs, proof."""
