"""Many orders on one book as one transaction: a mailbox for each book, and a leader who empties it.

Flat combining (Hendler, Incze, Shavit and Tzafrir, 2010) over DynamoDB: senders that meet on a book leave their message
in its mailbox. One of them takes the book's lease and leads: it decides what waits, in order, and commits it together.
The lease only keeps others from trying in vain. That each message is carried out once rests on the conditions of the
records themselves.
"""
