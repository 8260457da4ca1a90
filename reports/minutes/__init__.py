"""会议记录 of appraisal meetings: who was there, what was on the agenda, what was said and decided."""
