"""The win-win report: what both sides gave and what came of it, each number with its evidence."""
