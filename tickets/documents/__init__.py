"""Papers of the main line: dispatch order [产品售后派工单] and service report [维修服务单]."""

from tickets.documents.orders import order_content, order_paper
from tickets.documents.parts import digest
from tickets.documents.reports import find_report, report_content, report_number, report_paper

__all__ = ["digest", "find_report", "order_content", "order_paper", "report_content", "report_number", "report_paper"]
