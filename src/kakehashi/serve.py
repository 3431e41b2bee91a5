"""The web process of one node: `python -m kakehashi.serve [PORT]`, the node named by KAKEHASHI_NODE."""

import signal
import sys

from waitress import create_server

from kakehashi import clock, this
from kakehashi.bridge import leash
from kakehashi.wsgi import application  # first: it sets up Django

from kakehashi.exchange.actions import erasing  # isort: skip
from kakehashi.recovery import starting  # isort: skip

# Eight long-polls may wait at once (EXCHANGE.md section 9); pages must still find a thread.
THREADS = 16


def main() -> None:
    """Serve on loopback until told to stop; a reverse proxy stands before it in production."""
    erasing.replay(now=clock.now())  # a database put back from a backup must not open before
    port = int(sys.argv[1]) if len(sys.argv) > 1 else this.node().port
    leash.hold()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    starting.start()
    server = create_server(
        application,
        host="127.0.0.1",
        port=port,
        threads=THREADS,
        ident="kakehashi",
        channel_timeout=60,
        max_request_body_size=12 * 2**20,
        clear_untrusted_proxy_headers=False,
    )
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


if __name__ == "__main__":
    main()
