"""The doorbell over an SQS FIFO queue."""
