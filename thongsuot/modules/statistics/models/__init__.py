from .report import Report, ReportFigureNote, ReportReminder, ReportText, ReportVersion

__all__ = ["Report", "ReportFigureNote", "ReportReminder", "ReportText", "ReportVersion"]
