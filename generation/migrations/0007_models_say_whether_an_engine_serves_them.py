from django.db import migrations, models


def tell_apart(apps, schema_editor):
    """Until now only the want of an engine took a model out of the form: nobody had disabled one."""
    ModelVersion = apps.get_model("generation", "ModelVersion")
    ModelVersion.objects.filter(is_enabled=False, retired_at__isnull=True).update(
        is_enabled=True, is_served=False
    )


def put_together(apps, schema_editor):
    ModelVersion = apps.get_model("generation", "ModelVersion")
    ModelVersion.objects.filter(is_served=False).update(is_enabled=False)


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0006_waiting_jobs_say_what_they_need'),
    ]

    operations = [
        migrations.AddField(
            model_name='modelversion',
            name='is_served',
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(tell_apart, put_together),
    ]
