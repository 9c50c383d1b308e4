"""Amazon CloudWatch: the two operations that read metrics, over namespace AWS/WorkSpaces."""

from aws_standin.services.call import Operation
from aws_standin.services.cloudwatch import metric_data, metric_list

OPERATIONS: dict[str, Operation] = {
    "GetMetricData": metric_data.get_metric_data,
    "ListMetrics": metric_list.list_metrics,
}
"""What is served, by the operation's name."""
