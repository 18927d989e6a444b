"""附件: photos and documents, stored once by content, shown only to those who see what they belong to."""
