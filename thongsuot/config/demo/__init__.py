"""The demo province: invented people and schools in the real communes of Quảng Ngãi.

It imports every module, so it lives on the top floor. `steps.STEPS` is what is built, in order.
"""
