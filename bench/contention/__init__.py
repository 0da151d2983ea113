"""One busy market on AWS, in virtual time: the real use case over DynamoDB's rules and its published latencies."""
