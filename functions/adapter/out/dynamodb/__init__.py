"""The ports over two DynamoDB tables."""
