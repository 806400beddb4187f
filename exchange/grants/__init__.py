"""Allow (共享授权): what was granted, to whom, until when; revocable at any moment."""
