"""What waits gets its demand and its position; organizations keep the limits that they had."""

from django.db import migrations

SIDES = (512, 768, 1024, 1536, 2048, 3072, 4096, 8192)


def side_of(width, height):
    fitting = (side for side in SIDES if width * height <= side * side * 1.02)
    return next(fitting, SIDES[-1])


def fill_in_demands(apps, schema_editor):
    Job = apps.get_model('generation', 'GenerationJob')
    Demand = apps.get_model('generation', 'Demand')
    waiting = Job.objects.filter(status__in=['queued', 'running']).select_related('request')
    for job in waiting.iterator():
        demand, _created = Demand.objects.get_or_create(
            model_version_id=job.request.model_version_id,
            side=side_of(job.request.width, job.request.height),
            may_shrink=False,
        )
        position = int(job.queued_at.timestamp() * 1_000_000)
        Job.objects.filter(pk=job.pk).update(demand=demand, position=position)


def keep_the_limits(apps, schema_editor):
    """Until now an organization had no working hours, and its projects could go beyond 1024."""
    Organization = apps.get_model('accounts', 'Organization')
    OrganizationPolicy = apps.get_model('generation', 'OrganizationPolicy')
    UsagePolicy = apps.get_model('generation', 'UsagePolicy')
    for organization in Organization.objects.all():
        projects = UsagePolicy.objects.filter(project__organization=organization)

        def largest(name, default):
            return max([default, *projects.values_list(name, flat=True)])

        side = largest('max_side', 1024)
        OrganizationPolicy.objects.create(
            organization=organization,
            hours_rule='always',
            max_side=side,
            max_pixels=side * side,
            max_steps=largest('max_steps', 50),
            max_images_per_request=largest('max_images_per_request', 4),
            max_running_per_person=largest('max_running_per_person', 2),
            max_people_running=1000,
            max_waiting_per_person=largest('max_waiting_per_person', 40),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_invitation_by_operator'),
        ('generation', '0004_shared_gpu'),
    ]

    operations = [
        migrations.RunPython(fill_in_demands, migrations.RunPython.noop),
        migrations.RunPython(keep_the_limits, migrations.RunPython.noop),
    ]
