from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0002_trail_guard'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='jobrun',
            index=models.Index(fields=['window', 'id'], name='job_run_by_window'),
        ),
    ]
