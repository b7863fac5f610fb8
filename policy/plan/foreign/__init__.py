"""What programs declare by other providers than ``aws``: translated, or named as unread."""
