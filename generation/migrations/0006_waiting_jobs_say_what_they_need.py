from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0005_fill_in_demands_and_policies'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='generationjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('demand__isnull', False), ('status__in', ['queued', 'scheduled'])), models.Q(('status__in', ['queued', 'scheduled']), _negated=True), _connector='OR'), name='a_waiting_job_says_what_it_needs'),
        ),
    ]
