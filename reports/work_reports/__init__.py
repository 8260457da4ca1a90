"""支部工作报告: the paper of a step of the five-step appraisal, handed in once for each branch (seed S2)."""
