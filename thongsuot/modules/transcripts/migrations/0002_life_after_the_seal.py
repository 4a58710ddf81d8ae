import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_certificates'),
        ('files', '0001_initial'),
        ('organization', '0004_work_days'),
        ('registry', '0010_words_with_marks_and_folded_classes'),
        ('transcripts', '0001_transcripts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CivilChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('decision_number', models.CharField(max_length=60, verbose_name='số quyết định')),
                ('decided_on', models.DateField(verbose_name='ngày quyết định')),
                ('decided_by', models.CharField(max_length=200, verbose_name='cơ quan quyết định')),
                ('before_sealed', models.BinaryField()),
                ('after_sealed', models.BinaryField()),
                ('made_at', models.DateTimeField(verbose_name='ghi lúc')),
            ],
            options={
                'verbose_name': 'thay đổi hộ tịch',
                'verbose_name_plural': 'thay đổi hộ tịch',
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CivilChangeEvent',
            fields=[
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('pgh_label', models.CharField(max_length=20, verbose_name='thao tác')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('decision_number', models.CharField(max_length=60, verbose_name='số quyết định')),
                ('decided_on', models.DateField(verbose_name='ngày quyết định')),
                ('decided_by', models.CharField(max_length=200, verbose_name='cơ quan quyết định')),
                ('made_at', models.DateTimeField(verbose_name='ghi lúc')),
            ],
            options={
                'verbose_name': 'thay đổi hộ tịch',
                'verbose_name_plural': 'thay đổi hộ tịch',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CivilChangeItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fault', models.CharField(blank=True, max_length=300, verbose_name='trục trặc')),
            ],
            options={
                'verbose_name': 'học bạ thay đổi theo hộ tịch',
                'verbose_name_plural': 'học bạ thay đổi theo hộ tịch',
                'ordering': ['change_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ForeignTranscript',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(editable=False, unique=True, verbose_name='mã tra cứu')),
                ('kind', models.CharField(choices=[('year', 'Cả năm học'), ('partial', 'Kết quả đến khi chuyển trường'), ('digitised', 'Số hóa từ học bạ giấy')], max_length=10, verbose_name='loại')),
                ('profile', models.CharField(max_length=40, verbose_name='mẫu')),
                ('school_name', models.CharField(max_length=200, verbose_name='trường phát hành')),
                ('school_year_name', models.CharField(max_length=20, verbose_name='năm học')),
                ('class_name', models.CharField(blank=True, max_length=60, verbose_name='tên lớp')),
                ('student_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('file_sealed', models.BinaryField()),
                ('file_digest', models.BinaryField()),
                ('verdict', models.CharField(max_length=14, verbose_name='kết quả kiểm tra')),
                ('reasons', models.JSONField(default=list, verbose_name='điều chưa kết luận được')),
                ('checked_at', models.DateTimeField(verbose_name='kiểm tra lúc')),
                ('taken_in_at', models.DateTimeField(verbose_name='nhận lúc')),
            ],
            options={
                'verbose_name': 'học bạ từ tỉnh khác',
                'verbose_name_plural': 'học bạ từ tỉnh khác',
                'ordering': ['student_name', 'school_year_name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ForeignTranscriptEvent',
            fields=[
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('pgh_label', models.CharField(max_length=20, verbose_name='thao tác')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(editable=False, verbose_name='mã tra cứu')),
                ('kind', models.CharField(choices=[('year', 'Cả năm học'), ('partial', 'Kết quả đến khi chuyển trường'), ('digitised', 'Số hóa từ học bạ giấy')], max_length=10, verbose_name='loại')),
                ('profile', models.CharField(max_length=40, verbose_name='mẫu')),
                ('school_name', models.CharField(max_length=200, verbose_name='trường phát hành')),
                ('school_year_name', models.CharField(max_length=20, verbose_name='năm học')),
                ('class_name', models.CharField(blank=True, max_length=60, verbose_name='tên lớp')),
                ('student_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('file_digest', models.BinaryField()),
                ('verdict', models.CharField(max_length=14, verbose_name='kết quả kiểm tra')),
                ('reasons', models.JSONField(default=list, verbose_name='điều chưa kết luận được')),
                ('checked_at', models.DateTimeField(verbose_name='kiểm tra lúc')),
                ('taken_in_at', models.DateTimeField(verbose_name='nhận lúc')),
            ],
            options={
                'verbose_name': 'học bạ từ tỉnh khác',
                'verbose_name_plural': 'học bạ từ tỉnh khác',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('student_name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('way', models.CharField(choices=[('transfer', 'Chuyển trường'), ('enrolment', 'Vào cấp học mới'), ('nightly', 'Đối chiếu hằng đêm'), ('by_hand', 'Trường nhận trên trang bàn giao')], max_length=10, verbose_name='cách bàn giao')),
                ('number', models.PositiveSmallIntegerField(verbose_name='số bản')),
                ('at', models.DateTimeField(verbose_name='lúc')),
            ],
            options={
                'verbose_name': 'lần bàn giao học bạ',
                'verbose_name_plural': 'lần bàn giao học bạ',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='KeepingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('check', 'Kiểm tra nguyên vẹn'), ('stamp', 'Đóng, gia hạn dấu thời gian')], max_length=8, verbose_name='việc')),
                ('started_at', models.DateTimeField(verbose_name='bắt đầu')),
                ('ended_at', models.DateTimeField(verbose_name='kết thúc')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='số bản gốc')),
                ('damaged', models.PositiveIntegerField(default=0, verbose_name='không còn nguyên vẹn')),
                ('fault', models.CharField(blank=True, max_length=300, verbose_name='trục trặc')),
            ],
            options={
                'verbose_name': 'lần kiểm tra kho bản gốc',
                'verbose_name_plural': 'lần kiểm tra kho bản gốc',
                'ordering': ['-started_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PaperCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('number', models.PositiveIntegerField(verbose_name='số')),
                ('recipient', models.CharField(max_length=200, verbose_name='nơi nhận')),
                ('purpose', models.CharField(max_length=200, verbose_name='mục đích')),
                ('issued_at', models.DateTimeField(verbose_name='cấp lúc')),
            ],
            options={
                'verbose_name': 'bản giấy xác nhận của học bạ',
                'verbose_name_plural': 'bản giấy xác nhận của học bạ',
                'ordering': ['-issued_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PaperCopyEvent',
            fields=[
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('pgh_label', models.CharField(max_length=20, verbose_name='thao tác')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('number', models.PositiveIntegerField(verbose_name='số')),
                ('recipient', models.CharField(max_length=200, verbose_name='nơi nhận')),
                ('purpose', models.CharField(max_length=200, verbose_name='mục đích')),
                ('issued_at', models.DateTimeField(verbose_name='cấp lúc')),
            ],
            options={
                'verbose_name': 'bản giấy xác nhận của học bạ',
                'verbose_name_plural': 'bản giấy xác nhận của học bạ',
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='correctionreport',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='correctionreport',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='correctionreport',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transcript',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transcript',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='transcript',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='transcript',
            name='transcripts_one_live',
        ),
        migrations.RemoveConstraint(
            model_name='transcript',
            name='transcripts_version_once',
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='appeal',
            field=models.TextField(blank=True, verbose_name='gia đình chưa đồng ý vì'),
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='appealed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='đề nghị Sở xem lại lúc'),
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='escalated_on',
            field=models.DateField(blank=True, null=True, verbose_name='đã báo cấp trên ngày'),
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='reminded_on',
            field=models.DateField(blank=True, null=True, verbose_name='đã nhắc trường ngày'),
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='review',
            field=models.TextField(blank=True, verbose_name='kết luận của Sở'),
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='reviewed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='kết luận lúc'),
        ),
        migrations.AddField(
            model_name='correctionreport',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người kết luận'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='appeal',
            field=models.TextField(blank=True, verbose_name='gia đình chưa đồng ý vì'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='appealed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='đề nghị Sở xem lại lúc'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='escalated_on',
            field=models.DateField(blank=True, null=True, verbose_name='đã báo cấp trên ngày'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='reminded_on',
            field=models.DateField(blank=True, null=True, verbose_name='đã nhắc trường ngày'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='review',
            field=models.TextField(blank=True, verbose_name='kết luận của Sở'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='reviewed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='kết luận lúc'),
        ),
        migrations.AddField(
            model_name='correctionreportevent',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người kết luận'),
        ),
        migrations.AddField(
            model_name='dispatch',
            name='certificate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.signercertificate', verbose_name='chứng thư đăng ký'),
        ),
        migrations.AddField(
            model_name='dispatch',
            name='details',
            field=models.JSONField(default=dict, verbose_name='chi tiết'),
        ),
        migrations.AddField(
            model_name='dispatch',
            name='recall',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='transcripts.recall', verbose_name='yêu cầu thu hồi'),
        ),
        migrations.AddField(
            model_name='gatewaymessage',
            name='next_look_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='xác minh lại lúc'),
        ),
        migrations.AddField(
            model_name='originalstamp',
            name='algorithm',
            field=models.CharField(blank=True, max_length=40, verbose_name='thuật toán'),
        ),
        migrations.AddField(
            model_name='originalstamp',
            name='valid_until',
            field=models.DateField(null=True, verbose_name='chứng thư của nơi cấp hết hạn'),
        ),
        migrations.AddField(
            model_name='transcript',
            name='kind',
            field=models.CharField(choices=[('year', 'Cả năm học'), ('partial', 'Kết quả đến khi chuyển trường'), ('digitised', 'Số hóa từ học bạ giấy')], default='year', max_length=10, verbose_name='loại'),
        ),
        migrations.AddField(
            model_name='transcript',
            name='scan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='bản chụp học bạ giấy'),
        ),
        migrations.AddField(
            model_name='transcriptevent',
            name='kind',
            field=models.CharField(choices=[('year', 'Cả năm học'), ('partial', 'Kết quả đến khi chuyển trường'), ('digitised', 'Số hóa từ học bạ giấy')], default='year', max_length=10, verbose_name='loại'),
        ),
        # While no trigger writes history: what was marked as partial keeps its kind.
        migrations.RunSQL(
            "update transcripts_transcript set kind = 'partial' where is_partial",
            "update transcripts_transcript set is_partial = true where kind = 'partial'",
        ),
        migrations.RemoveField(
            model_name='transcript',
            name='is_partial',
        ),
        migrations.RemoveField(
            model_name='transcriptevent',
            name='is_partial',
        ),
        migrations.AddField(
            model_name='transcriptevent',
            name='scan',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='files.storedfile', verbose_name='bản chụp học bạ giấy'),
        ),
        migrations.AlterField(
            model_name='correctionreport',
            name='state',
            field=models.CharField(choices=[('open', 'Chờ nhà trường trả lời'), ('mended', 'Đã sửa'), ('dismissed', 'Không sai'), ('appealed', 'Gia đình đề nghị Sở xem lại'), ('upheld', 'Sở kết luận không sai'), ('ordered', 'Sở yêu cầu trường sửa')], default='open', max_length=10, verbose_name='trạng thái'),
        ),
        migrations.AlterField(
            model_name='correctionreportevent',
            name='state',
            field=models.CharField(choices=[('open', 'Chờ nhà trường trả lời'), ('mended', 'Đã sửa'), ('dismissed', 'Không sai'), ('appealed', 'Gia đình đề nghị Sở xem lại'), ('upheld', 'Sở kết luận không sai'), ('ordered', 'Sở yêu cầu trường sửa')], default='open', max_length=10, verbose_name='trạng thái'),
        ),
        migrations.AlterField(
            model_name='dispatch',
            name='state',
            field=models.CharField(choices=[('waiting', 'Chờ xử lý'), ('checking', 'Chờ xác minh'), ('done', 'Đã xử lý'), ('failed', 'Không đọc được')], default='waiting', max_length=8, verbose_name='trạng thái'),
        ),
        migrations.AlterField(
            model_name='gatewayitem',
            name='status',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='trạng thái'),
        ),
        migrations.AlterField(
            model_name='gatewaymessage',
            name='state',
            field=models.CharField(choices=[('waiting', 'Chờ xử lý'), ('checking', 'Chờ xác minh'), ('done', 'Đã xử lý'), ('failed', 'Không đọc được')], default='waiting', max_length=8, verbose_name='trạng thái'),
        ),
        migrations.AlterField(
            model_name='recall',
            name='original',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recalls', to='transcripts.original', verbose_name='bản gốc'),
        ),
        migrations.AlterField(
            model_name='recallevent',
            name='original',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='transcripts.original', verbose_name='bản gốc'),
        ),
        migrations.AddIndex(
            model_name='gatewaymessage',
            index=models.Index(condition=models.Q(('state', 'checking')), fields=['next_look_at'], name='transcripts_message_again'),
        ),
        migrations.AddIndex(
            model_name='originalstamp',
            index=models.Index(fields=['original', 'renew_by'], name='transcripts_stamp_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correctionreport',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_correctionreportevent" ("answer", "answered_at", "answered_by_id", "appeal", "appealed_at", "due_on", "escalated_on", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reminded_on", "reported_at", "reported_by_id", "review", "reviewed_at", "reviewed_by_id", "state", "transcript_id", "unit_id", "words") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."appeal", new_values."appealed_at", new_values."due_on", new_values."escalated_on", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."reminded_on", new_values."reported_at", new_values."reported_by_id", new_values."review", new_values."reviewed_at", new_values."reviewed_by_id", new_values."state", new_values."transcript_id", new_values."unit_id", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5fa86dc6a8b26afa8db55a2d92dfc79c9265983a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_93c38', referencing='REFERENCING NEW TABLE AS new_values ', table='transcripts_correctionreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correctionreport',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_correctionreportevent" ("answer", "answered_at", "answered_by_id", "appeal", "appealed_at", "due_on", "escalated_on", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reminded_on", "reported_at", "reported_by_id", "review", "reviewed_at", "reviewed_by_id", "state", "transcript_id", "unit_id", "words") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."appeal", new_values."appealed_at", new_values."due_on", new_values."escalated_on", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', new_values."id", new_values."public_id", new_values."reminded_on", new_values."reported_at", new_values."reported_by_id", new_values."review", new_values."reviewed_at", new_values."reviewed_by_id", new_values."state", new_values."transcript_id", new_values."unit_id", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a5466d542b6608572201d88af2ef0dfdd3c23094', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9ea76', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='transcripts_correctionreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correctionreport',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_correctionreportevent" ("answer", "answered_at", "answered_by_id", "appeal", "appealed_at", "due_on", "escalated_on", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reminded_on", "reported_at", "reported_by_id", "review", "reviewed_at", "reviewed_by_id", "state", "transcript_id", "unit_id", "words") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."appeal", old_values."appealed_at", old_values."due_on", old_values."escalated_on", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."public_id", old_values."reminded_on", old_values."reported_at", old_values."reported_by_id", old_values."review", old_values."reviewed_at", old_values."reviewed_by_id", old_values."state", old_values."transcript_id", old_values."unit_id", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ec1c11c1dcecb4fa52aa0b1e75f9e6beceaa0262', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_be0da', referencing='REFERENCING OLD TABLE AS old_values ', table='transcripts_correctionreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='originalstamp',
            trigger=pgtrigger.compiler.Trigger(name='keeps_what_was_written', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.original_id IS DISTINCT FROM NEW.original_id OR OLD.token IS DISTINCT FROM NEW.token OR OLD.stamped_at IS DISTINCT FROM NEW.stamped_at)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "original_id", "token", "stamped_at" rows from % table\', TG_TABLE_NAME;', hash='4b8edc2cfadb85ee0f9c915bc2bbbf1d5f1b1bc6', operation='UPDATE OF "original_id", "token", "stamped_at"', pgid='pgtrigger_keeps_what_was_written_cdc60', table='transcripts_originalstamp', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transcript',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS MATERIALIZED ( SELECT COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB AS value ) INSERT INTO "transcripts_transcriptevent" ("class_name", "data_digest", "file_digest", "grade", "holder_id", "id", "is_supplementary", "issued_at", "kind", "level", "made_at", "made_by_id", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "replaces_id", "scan_id", "school_class_id", "school_year_id", "sort_key", "state", "student_id", "student_name", "unit_id", "uuid", "version") SELECT new_values."class_name", new_values."data_digest", new_values."file_digest", new_values."grade", new_values."holder_id", new_values."id", new_values."is_supplementary", new_values."issued_at", new_values."kind", new_values."level", new_values."made_at", new_values."made_by_id", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."profile", new_values."replaces_id", new_values."scan_id", new_values."school_class_id", new_values."school_year_id", new_values."sort_key", new_values."state", new_values."student_id", new_values."student_name", new_values."unit_id", new_values."uuid", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ef476d56129a2fbf08141e59fb4c467972683de4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4c145', referencing='REFERENCING NEW TABLE AS new_values ', table='transcripts_transcript', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transcript',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS MATERIALIZED ( SELECT COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB AS value ) INSERT INTO "transcripts_transcriptevent" ("class_name", "data_digest", "file_digest", "grade", "holder_id", "id", "is_supplementary", "issued_at", "kind", "level", "made_at", "made_by_id", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "replaces_id", "scan_id", "school_class_id", "school_year_id", "sort_key", "state", "student_id", "student_name", "unit_id", "uuid", "version") SELECT new_values."class_name", new_values."data_digest", new_values."file_digest", new_values."grade", new_values."holder_id", new_values."id", new_values."is_supplementary", new_values."issued_at", new_values."kind", new_values."level", new_values."made_at", new_values."made_by_id", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."profile", new_values."replaces_id", new_values."scan_id", new_values."school_class_id", new_values."school_year_id", new_values."sort_key", new_values."state", new_values."student_id", new_values."student_name", new_values."unit_id", new_values."uuid", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."class_name" IS DISTINCT FROM (new_values."class_name") OR old_values."data_digest" IS DISTINCT FROM (new_values."data_digest") OR old_values."file_digest" IS DISTINCT FROM (new_values."file_digest") OR old_values."grade" IS DISTINCT FROM (new_values."grade") OR old_values."holder_id" IS DISTINCT FROM (new_values."holder_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_supplementary" IS DISTINCT FROM (new_values."is_supplementary") OR old_values."issued_at" IS DISTINCT FROM (new_values."issued_at") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."level" IS DISTINCT FROM (new_values."level") OR old_values."made_at" IS DISTINCT FROM (new_values."made_at") OR old_values."made_by_id" IS DISTINCT FROM (new_values."made_by_id") OR old_values."note" IS DISTINCT FROM (new_values."note") OR old_values."profile" IS DISTINCT FROM (new_values."profile") OR old_values."replaces_id" IS DISTINCT FROM (new_values."replaces_id") OR old_values."scan_id" IS DISTINCT FROM (new_values."scan_id") OR old_values."school_class_id" IS DISTINCT FROM (new_values."school_class_id") OR old_values."school_year_id" IS DISTINCT FROM (new_values."school_year_id") OR old_values."sort_key" IS DISTINCT FROM (new_values."sort_key") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."student_id" IS DISTINCT FROM (new_values."student_id") OR old_values."student_name" IS DISTINCT FROM (new_values."student_name") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."uuid" IS DISTINCT FROM (new_values."uuid") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9fa2f5b864bf4cf888e14d80f23cdc96976ea23e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_16336', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='transcripts_transcript', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transcript',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS MATERIALIZED ( SELECT COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB AS value ) INSERT INTO "transcripts_transcriptevent" ("class_name", "data_digest", "file_digest", "grade", "holder_id", "id", "is_supplementary", "issued_at", "kind", "level", "made_at", "made_by_id", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "replaces_id", "scan_id", "school_class_id", "school_year_id", "sort_key", "state", "student_id", "student_name", "unit_id", "uuid", "version") SELECT old_values."class_name", old_values."data_digest", old_values."file_digest", old_values."grade", old_values."holder_id", old_values."id", old_values."is_supplementary", old_values."issued_at", old_values."kind", old_values."level", old_values."made_at", old_values."made_by_id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."profile", old_values."replaces_id", old_values."scan_id", old_values."school_class_id", old_values."school_year_id", old_values."sort_key", old_values."state", old_values."student_id", old_values."student_name", old_values."unit_id", old_values."uuid", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8bd6958a977c5e4fcfa1b5b20c38299bd1a56fdc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_64aff', referencing='REFERENCING OLD TABLE AS old_values ', table='transcripts_transcript', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='correctionreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'appealed'), _negated=True), models.Q(('appealed_at__isnull', False), models.Q(('appeal', ''), _negated=True)), _connector='OR'), name='transcripts_report_appealed'),
        ),
        migrations.AddConstraint(
            model_name='correctionreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['upheld', 'ordered']), _negated=True), ('reviewed_at__isnull', False), _connector='OR'), name='transcripts_report_reviewed'),
        ),
        migrations.AddConstraint(
            model_name='dispatch',
            constraint=models.CheckConstraint(condition=models.Q(('type', 1), models.Q(('certificate__isnull', False), ('type', 3)), models.Q(('recall__isnull', False), ('type', 5)), _connector='OR'), name='transcripts_dispatch_of_something'),
        ),
        migrations.AddConstraint(
            model_name='recall',
            constraint=models.CheckConstraint(condition=models.Q(('original__isnull', False), ('transcript__isnull', False), _connector='OR'), name='transcripts_recall_of_something'),
        ),
        migrations.AddConstraint(
            model_name='transcript',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['accepted', 'draft', 'initialised', 'issued', 'leader_signed', 'recall_asked', 'refused', 'reported', 'sent', 'teacher_signed'])), fields=('student', 'school_year', 'unit', 'kind'), name='transcripts_one_live'),
        ),
        migrations.AddConstraint(
            model_name='transcript',
            constraint=models.UniqueConstraint(fields=('student', 'school_year', 'unit', 'kind', 'version'), name='transcripts_version_once'),
        ),
        migrations.AddConstraint(
            model_name='transcript',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'digitised'), _negated=True), ('scan__isnull', False), _connector='OR'), name='transcripts_digitised_from_paper'),
        ),
        migrations.AddField(
            model_name='civilchange',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='quyết định'),
        ),
        migrations.AddField(
            model_name='civilchange',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='civilchange',
            name='student',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.student', verbose_name='học sinh'),
        ),
        migrations.AddField(
            model_name='civilchange',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='trường'),
        ),
        migrations.AddField(
            model_name='civilchangeevent',
            name='file',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='files.storedfile', verbose_name='quyết định'),
        ),
        migrations.AddField(
            model_name='civilchangeevent',
            name='made_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='civilchangeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='transcripts.civilchange'),
        ),
        migrations.AddField(
            model_name='civilchangeevent',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.student', verbose_name='học sinh'),
        ),
        migrations.AddField(
            model_name='civilchangeevent',
            name='unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='trường'),
        ),
        migrations.AddField(
            model_name='civilchangeitem',
            name='change',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='transcripts.civilchange', verbose_name='thay đổi hộ tịch'),
        ),
        migrations.AddField(
            model_name='civilchangeitem',
            name='recall',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='civil_changes', to='transcripts.recall', verbose_name='yêu cầu thu hồi'),
        ),
        migrations.AddField(
            model_name='civilchangeitem',
            name='replacement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transcripts.transcript', verbose_name='bản thay thế'),
        ),
        migrations.AddField(
            model_name='civilchangeitem',
            name='transcript',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='civil_changes', to='transcripts.transcript', verbose_name='học bạ'),
        ),
        migrations.AddField(
            model_name='foreigntranscript',
            name='student',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.student', verbose_name='học sinh'),
        ),
        migrations.AddField(
            model_name='foreigntranscript',
            name='taken_in_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nhận'),
        ),
        migrations.AddField(
            model_name='foreigntranscript',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='trường giữ hồ sơ'),
        ),
        migrations.AddField(
            model_name='foreigntranscriptevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='transcripts.foreigntranscript'),
        ),
        migrations.AddField(
            model_name='foreigntranscriptevent',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.student', verbose_name='học sinh'),
        ),
        migrations.AddField(
            model_name='foreigntranscriptevent',
            name='taken_in_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nhận'),
        ),
        migrations.AddField(
            model_name='foreigntranscriptevent',
            name='unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='trường giữ hồ sơ'),
        ),
        migrations.AddField(
            model_name='handover',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người làm'),
        ),
        migrations.AddField(
            model_name='handover',
            name='from_unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='trường giao'),
        ),
        migrations.AddField(
            model_name='handover',
            name='student',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.student', verbose_name='học sinh'),
        ),
        migrations.AddField(
            model_name='handover',
            name='to_unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='trường nhận'),
        ),
        migrations.AddIndex(
            model_name='keepingrun',
            index=models.Index(fields=['kind', '-started_at'], name='transcripts_keeping_last'),
        ),
        migrations.AddField(
            model_name='papercopy',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người cấp'),
        ),
        migrations.AddField(
            model_name='papercopy',
            name='transcript',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_copies', to='transcripts.transcript', verbose_name='học bạ'),
        ),
        migrations.AddField(
            model_name='papercopy',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='trường'),
        ),
        migrations.AddField(
            model_name='papercopyevent',
            name='issued_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người cấp'),
        ),
        migrations.AddField(
            model_name='papercopyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='transcripts.papercopy'),
        ),
        migrations.AddField(
            model_name='papercopyevent',
            name='transcript',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='transcripts.transcript', verbose_name='học bạ'),
        ),
        migrations.AddField(
            model_name='papercopyevent',
            name='unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='trường'),
        ),
        migrations.AddIndex(
            model_name='civilchange',
            index=models.Index(fields=['unit', '-made_at'], name='transcripts_civil_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchange',
            trigger=pgtrigger.compiler.Trigger(name='keeps_what_was_written', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.student_id IS DISTINCT FROM NEW.student_id OR OLD.before_sealed IS DISTINCT FROM NEW.before_sealed OR OLD.after_sealed IS DISTINCT FROM NEW.after_sealed OR OLD.decision_number IS DISTINCT FROM NEW.decision_number OR OLD.decided_on IS DISTINCT FROM NEW.decided_on)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "student_id", "before_sealed", "after_sealed", "decision_number", "decided_on" rows from % table\', TG_TABLE_NAME;', hash='56ac16f39accc8b6d35e8856d249b4fd6dc8efdb', operation='UPDATE OF "student_id", "before_sealed", "after_sealed", "decision_number", "decided_on"', pgid='pgtrigger_keeps_what_was_written_6c798', table='transcripts_civilchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchange',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='537ec0548b631bb75bcf7dda8452cb18376dd8ca', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7c65b', table='transcripts_civilchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchange',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_civilchangeevent" ("decided_by", "decided_on", "decision_number", "file_id", "id", "made_at", "made_by_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "student_id", "unit_id") SELECT new_values."decided_by", new_values."decided_on", new_values."decision_number", new_values."file_id", new_values."id", new_values."made_at", new_values."made_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."student_id", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3f805b22a60ab2e75043d045abc98d0500d198ff', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e8c2f', referencing='REFERENCING NEW TABLE AS new_values ', table='transcripts_civilchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchange',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_civilchangeevent" ("decided_by", "decided_on", "decision_number", "file_id", "id", "made_at", "made_by_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "student_id", "unit_id") SELECT new_values."decided_by", new_values."decided_on", new_values."decision_number", new_values."file_id", new_values."id", new_values."made_at", new_values."made_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', new_values."id", new_values."public_id", new_values."student_id", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."decided_by" IS DISTINCT FROM (new_values."decided_by") OR old_values."decided_on" IS DISTINCT FROM (new_values."decided_on") OR old_values."decision_number" IS DISTINCT FROM (new_values."decision_number") OR old_values."file_id" IS DISTINCT FROM (new_values."file_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."made_at" IS DISTINCT FROM (new_values."made_at") OR old_values."made_by_id" IS DISTINCT FROM (new_values."made_by_id") OR old_values."public_id" IS DISTINCT FROM (new_values."public_id") OR old_values."student_id" IS DISTINCT FROM (new_values."student_id") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f24119ab647e7cd5cb73283b6adcfeb1fe228fb5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a83ad', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='transcripts_civilchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchange',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_civilchangeevent" ("decided_by", "decided_on", "decision_number", "file_id", "id", "made_at", "made_by_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "student_id", "unit_id") SELECT old_values."decided_by", old_values."decided_on", old_values."decision_number", old_values."file_id", old_values."id", old_values."made_at", old_values."made_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."public_id", old_values."student_id", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8589b0faa2eb4959d5c547e0068dfbc47659d9df', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f3731', referencing='REFERENCING OLD TABLE AS old_values ', table='transcripts_civilchange', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='civilchangeevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='transcripts_pgh_cre_562d68_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchangeevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='6e57b023ab3dcab6082806b3a1ddb77adaeeb571', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5fa91', table='transcripts_civilchangeevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='civilchangeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f95a8b657c68e9d415b57a19975e7786878581d9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b69ba', table='transcripts_civilchangeevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='civilchangeitem',
            constraint=models.UniqueConstraint(fields=('change', 'transcript'), name='transcripts_civil_item_once'),
        ),
        migrations.AddIndex(
            model_name='foreigntranscript',
            index=models.Index(fields=['unit', 'student'], name='transcripts_foreign_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscript',
            trigger=pgtrigger.compiler.Trigger(name='keeps_what_was_written', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.uuid IS DISTINCT FROM NEW.uuid OR OLD.file_sealed IS DISTINCT FROM NEW.file_sealed OR OLD.file_digest IS DISTINCT FROM NEW.file_digest OR OLD.taken_in_at IS DISTINCT FROM NEW.taken_in_at)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "uuid", "file_sealed", "file_digest", "taken_in_at" rows from % table\', TG_TABLE_NAME;', hash='8f5f8b12609ea7c460f2dce650c70e057c7600c3', operation='UPDATE OF "uuid", "file_sealed", "file_digest", "taken_in_at"', pgid='pgtrigger_keeps_what_was_written_a6146', table='transcripts_foreigntranscript', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscript',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='8b057956d998d9fa413c91b0ee9423eb509bfcab', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_51bbd', table='transcripts_foreigntranscript', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscript',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_foreigntranscriptevent" ("checked_at", "class_name", "file_digest", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "reasons", "school_name", "school_year_name", "student_id", "student_name", "taken_in_at", "taken_in_by_id", "unit_id", "uuid", "verdict") SELECT new_values."checked_at", new_values."class_name", new_values."file_digest", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."profile", new_values."reasons", new_values."school_name", new_values."school_year_name", new_values."student_id", new_values."student_name", new_values."taken_in_at", new_values."taken_in_by_id", new_values."unit_id", new_values."uuid", new_values."verdict" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9720ab1402dd49e649c9fd1f08939e04ed7af160', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e4263', referencing='REFERENCING NEW TABLE AS new_values ', table='transcripts_foreigntranscript', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscript',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_foreigntranscriptevent" ("checked_at", "class_name", "file_digest", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "reasons", "school_name", "school_year_name", "student_id", "student_name", "taken_in_at", "taken_in_by_id", "unit_id", "uuid", "verdict") SELECT new_values."checked_at", new_values."class_name", new_values."file_digest", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', new_values."id", new_values."profile", new_values."reasons", new_values."school_name", new_values."school_year_name", new_values."student_id", new_values."student_name", new_values."taken_in_at", new_values."taken_in_by_id", new_values."unit_id", new_values."uuid", new_values."verdict" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."checked_at" IS DISTINCT FROM (new_values."checked_at") OR old_values."class_name" IS DISTINCT FROM (new_values."class_name") OR old_values."file_digest" IS DISTINCT FROM (new_values."file_digest") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."profile" IS DISTINCT FROM (new_values."profile") OR old_values."reasons" IS DISTINCT FROM (new_values."reasons") OR old_values."school_name" IS DISTINCT FROM (new_values."school_name") OR old_values."school_year_name" IS DISTINCT FROM (new_values."school_year_name") OR old_values."student_id" IS DISTINCT FROM (new_values."student_id") OR old_values."student_name" IS DISTINCT FROM (new_values."student_name") OR old_values."taken_in_at" IS DISTINCT FROM (new_values."taken_in_at") OR old_values."taken_in_by_id" IS DISTINCT FROM (new_values."taken_in_by_id") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."uuid" IS DISTINCT FROM (new_values."uuid") OR old_values."verdict" IS DISTINCT FROM (new_values."verdict")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9e4e04bc14391f811aa57e580f8374c063d38838', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_bc9a7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='transcripts_foreigntranscript', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscript',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_foreigntranscriptevent" ("checked_at", "class_name", "file_digest", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "reasons", "school_name", "school_year_name", "student_id", "student_name", "taken_in_at", "taken_in_by_id", "unit_id", "uuid", "verdict") SELECT old_values."checked_at", old_values."class_name", old_values."file_digest", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."profile", old_values."reasons", old_values."school_name", old_values."school_year_name", old_values."student_id", old_values."student_name", old_values."taken_in_at", old_values."taken_in_by_id", old_values."unit_id", old_values."uuid", old_values."verdict" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c83baddd6d3d0150d640e9ba0eddd6475755eb90', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5c4ee', referencing='REFERENCING OLD TABLE AS old_values ', table='transcripts_foreigntranscript', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='foreigntranscriptevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='transcripts_pgh_cre_404122_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscriptevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='e3c1296e8ffb4a800bd4118cbdf2310134680dd5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6a9b2', table='transcripts_foreigntranscriptevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='foreigntranscriptevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='337544eb2b8a781f7cf55da73dc10a208c6b59dc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_af779', table='transcripts_foreigntranscriptevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['from_unit', '-at'], name='transcripts_handed_from'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['to_unit', '-at'], name='transcripts_handed_to'),
        ),
        migrations.AddConstraint(
            model_name='papercopy',
            constraint=models.UniqueConstraint(fields=('unit', 'year', 'number'), name='transcripts_paper_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopy',
            trigger=pgtrigger.compiler.Trigger(name='keeps_what_was_written', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.transcript_id IS DISTINCT FROM NEW.transcript_id OR OLD.unit_id IS DISTINCT FROM NEW.unit_id OR OLD.year IS DISTINCT FROM NEW.year OR OLD.number IS DISTINCT FROM NEW.number OR OLD.issued_at IS DISTINCT FROM NEW.issued_at)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "transcript_id", "unit_id", "year", "number", "issued_at" rows from % table\', TG_TABLE_NAME;', hash='ea5c20e95cb5c1011ff4615c5a6b52758ae70547', operation='UPDATE OF "transcript_id", "unit_id", "year", "number", "issued_at"', pgid='pgtrigger_keeps_what_was_written_bcef6', table='transcripts_papercopy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopy',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='acdd6fcdfd45df5659eb9a969ba5e3f08c8eaa54', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_962ce', table='transcripts_papercopy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_papercopyevent" ("id", "issued_at", "issued_by_id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "purpose", "recipient", "transcript_id", "unit_id", "year") SELECT new_values."id", new_values."issued_at", new_values."issued_by_id", new_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."purpose", new_values."recipient", new_values."transcript_id", new_values."unit_id", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='54c3d24778a9d647e6ff476dd74299788f6557bb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2e03c', referencing='REFERENCING NEW TABLE AS new_values ', table='transcripts_papercopy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_papercopyevent" ("id", "issued_at", "issued_by_id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "purpose", "recipient", "transcript_id", "unit_id", "year") SELECT new_values."id", new_values."issued_at", new_values."issued_by_id", new_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', new_values."id", new_values."public_id", new_values."purpose", new_values."recipient", new_values."transcript_id", new_values."unit_id", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e4ccdb5d805d1a8ee18645a863111e89a8b60de2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_731fa', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='transcripts_papercopy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transcripts_papercopyevent" ("id", "issued_at", "issued_by_id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "purpose", "recipient", "transcript_id", "unit_id", "year") SELECT old_values."id", old_values."issued_at", old_values."issued_by_id", old_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."public_id", old_values."purpose", old_values."recipient", old_values."transcript_id", old_values."unit_id", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6dfb3d816cf64e82660138532b128c9454593c31', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ae5fe', referencing='REFERENCING OLD TABLE AS old_values ', table='transcripts_papercopy', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='papercopyevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='transcripts_pgh_cre_30c8f3_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopyevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='fce22c50a79b40b78b530e47cb88e51b70da96a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5bdd7', table='transcripts_papercopyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papercopyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='73dabe256bb0708b53a10ef65473ce3fd1f59d5a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_77655', table='transcripts_papercopyevent', when='BEFORE')),
        ),
    ]
