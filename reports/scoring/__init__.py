"""千分制考核: a scheme of indicators in points, sheets of raters, deductions and bonus, and the 综合得分 with the satisfaction.

A score is in points and never called 率.
"""
