"""Read the leaderboard."""
