"""A lifelike company to look at: invented people, customers, machines and a year of service.

Built by the real actions from a fixed seed, relative to a day, so that today's work is open in every state.
"""
