"""The measures of GB/T 9704-2012, in points, and the typefaces it names."""

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
TOP, LEFT = 37 * MM, 28 * MM
WIDTH, HEIGHT = 156 * MM, 225 * MM
LINES, CHARACTERS = 22, 28
LEADING = HEIGHT / LINES
PITCH = WIDTH / CHARACTERS
TITLE_SIZE, BODY_SIZE, FOLIO_SIZE = 22.0, 16.0, 14.0  # 二号, 三号, 四号
HEAD_SIZE = 36.0
CELL_SIZE, CELL_LEADING, CELL_PADDING = 10.5, 15.0, 3.5  # 五号
NOTE_SIZE, NOTE_LEADING = 12.0, 18.0
FOLIO_BELOW = 7 * MM
RULE, HAIRLINE = 1.5, 0.5
RED = (0.89, 0.0, 0.07)
# As offices have them; where one is missing the second is taken.
FANGSONG, BIAOSONG, HEITI, SONGTI, LATIN = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体", "Times New Roman"
ALTERNATIVES = {FANGSONG: "仿宋", BIAOSONG: "华文中宋", HEITI: "SimHei"}
NUMERALS = "一二三四五六七八九十"  # headings of the first level
