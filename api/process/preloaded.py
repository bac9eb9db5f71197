"""Imported once by the process from which the serving processes are forked: they share what it loads.

Each of them opens for itself what has threads, such as the model, and what depends on the papers.
"""

from __future__ import annotations

import gc
import signal

from api.agents import mcp_server as mcp_server  # one process alone imports it at the first request to /mcp
from api.process import worker as worker  # all other code of a serving process
from api.settings import load_settings
from api.web import metrics
from rag import assemble

# A service manager may send SIGTERM to every process. This one has to end last, with the command, because it
# reports the exit statuses of the processes forked from it. Those unblock the signal.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
assemble.preload(load_settings())
metrics.forget_this_process()
gc.collect()
gc.freeze()  # a collection writes to every object, which would copy every page
