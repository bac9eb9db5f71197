"""Endpoints for other programs: OpenAI's chat completions, and tools over the Model Context Protocol."""
