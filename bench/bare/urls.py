"""The only view of a bare application, to measure against."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from .models import StoredLine


@csrf_exempt
def insert(request):
    StoredLine.objects.create(batch=1, marks=request.POST["marks"])
    return HttpResponse()


urlpatterns = [path("insert/", insert)]
