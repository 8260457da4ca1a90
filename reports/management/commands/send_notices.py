"""Put today's notices into the queue and send those whose time has come; the worker starts it, a timer may too."""

import signal
from threading import Event

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...notices.delivering import send_due
from ...notices.hours import is_time_to_plan
from ...notices.planning import plan_notices


class Command(BaseCommand):
    help = "Plan today's notices and send what is due, by e-mail and to robots. The worker of exports starts it."

    def add_arguments(self, parser):
        parser.add_argument("--plan", action="store_true", help="look for what is to be told today, too")

    def handle(self, *, plan, **options):
        stop = Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        now = timezone.now()
        if plan and is_time_to_plan(now):
            plan_notices(now=now)
        send_due(now=timezone.now(), stop=stop)
