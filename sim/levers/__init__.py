"""What government may set: one file for each lever; levers write policy terms and budget lines, nothing else."""
