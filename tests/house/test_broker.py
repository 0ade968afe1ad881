"""The broker of files: whole messages, each taken once, whatever was killed while it wrote."""

from queue import Empty
from threading import Thread

import pytest
from kombu import Connection, Exchange, Queue

from aftersales.broker import Transport

pytestmark = pytest.mark.req("SEC-01")

WAKE_UPS = Queue("celery", Exchange("celery"), routing_key="celery")


@pytest.fixture
def connect(tmp_path):
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    (tmp_path / "queue").mkdir()
    Transport.global_state.clear()  # each test begins like a process of its own
    return lambda: Connection("filesystem://", transport="aftersales.broker:Transport", transport_options=options)


def send(connection, number):
    queue = connection.SimpleQueue(WAKE_UPS)
    queue.put({"number": number})
    queue.close()


def receive(connection):
    queue, found = connection.SimpleQueue(WAKE_UPS), []
    try:
        while True:
            message = queue.get_nowait()
            message.ack()
            found.append(message.payload["number"])
    except Empty:
        return found
    finally:
        queue.close()


def test_messages_arrive_in_their_order_and_once(connect):
    with connect() as connection:
        for number in range(5):
            send(connection, number)
        assert receive(connection) == [0, 1, 2, 3, 4]
        assert receive(connection) == []


def test_what_a_killed_process_left_half_written_stops_nobody(connect, tmp_path, caplog):
    with connect() as connection:
        send(connection, 1)
        (tmp_path / "queue" / "0_torn.celery.msg").write_text("")
        (tmp_path / "control" / "celery.exchange").write_text("")
    Transport.global_state.clear()
    with connect() as connection:
        send(connection, 2)
        assert receive(connection) == [1, 2]
    assert "unreadable" in caplog.text


def test_workers_at_the_same_time_take_every_message_once(connect):
    with connect() as connection:
        for number in range(60):
            send(connection, number)
    found = []

    def work():
        with connect() as own:
            found.extend(receive(own))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(60))
