"""Routes of casting and counting."""

app_name = "ballots"
urlpatterns = []
