"""Whether an organisation is a small or medium-sized enterprise: computed per law, never typed in."""
