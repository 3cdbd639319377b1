from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="generationjob",
            index=models.Index(
                condition=models.Q(("status", "succeeded")),
                fields=["-finished_at"],
                name="latest_finished_jobs",
            ),
        ),
    ]
