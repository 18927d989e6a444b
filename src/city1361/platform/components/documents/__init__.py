"""Documents as officials exchange them: laid out after GB/T 9704, as PDF and as editable DOCX."""
