"""Russian dates, where Django's own differ from what offices write."""

TIME_FORMAT = "H:i"  # 14:30
DATETIME_FORMAT = "j E Y г., H:i"  # 15 декабря 2026 г., 14:30
MONTH_DAY_FORMAT = "j E"  # 15 декабря
