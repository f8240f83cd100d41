"""What runs behind the queue: the steps, the clock, the outbox's deliveries."""
