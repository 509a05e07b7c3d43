"""Kyrgyz dates and numbers, where Django's own differ from what offices write."""

DATE_FORMAT = "Y-жылдын j-E"  # 2026-жылдын 15-декабры
TIME_FORMAT = "H:i"  # 14:30
DATETIME_FORMAT = "Y-жылдын j-E, H:i"  # 2026-жылдын 15-декабры, 14:30
YEAR_MONTH_FORMAT = "Y-жылдын E"  # 2026-жылдын декабры
MONTH_DAY_FORMAT = "j-F"  # 15-декабрь
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
DECIMAL_SEPARATOR = ","
