"""Best practices that travel: questions and answers, endorsements, and what came of taking one over."""
