"""Routes of results, reports and downloads."""

app_name = "reports"
urlpatterns = []
