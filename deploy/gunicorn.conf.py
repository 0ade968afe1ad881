"""How gunicorn serves, in `make run` and in containers alike."""

import gc
import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
accesslog = "-" if os.environ.get("ACCESS_LOG") else None


def pre_fork(server, worker):
    """What is loaded already stays shared: the collector of the workers leaves it alone."""
    gc.collect()
    gc.freeze()
