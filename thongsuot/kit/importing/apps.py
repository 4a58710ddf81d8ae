from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "thongsuot.kit.importing"
    label = "importing"
    verbose_name = "Nhập liệu"

    def ready(self) -> None:
        from thongsuot.kit.files.registry import MEGABYTE, register_access
        from thongsuot.kit.files.types import CSV, ODS, TEXT, XLSX
        from thongsuot.kit.importing import tasks  # noqa: F401 - declares the background step
        from thongsuot.kit.importing.actions import FILE_KIND
        from thongsuot.kit.importing.queries import may_open_source

        # A whole province's pupils are some 80 MB.
        register_access(
            FILE_KIND,
            may_open_source,
            content_types=frozenset({XLSX, ODS, CSV, TEXT}),
            max_bytes=200 * MEGABYTE,
        )
