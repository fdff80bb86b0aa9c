"""Policy-response tests: published effects of policies tried as experiments inside the model, by sign and magnitude."""
