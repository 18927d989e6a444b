"""复盘: what a day, a week or a month came to, as a page, a PDF and an editable DOCX."""
