"""English: the words that say nothing in a question, and the words that people use for each other. Data, never code."""

from __future__ import annotations

_WORDS = """
a about after again all already also am an and any anybody anyone anything are aren as at be because been before being but by can
cannot could couldn d did didn do does doesn doing don done each else ever every few for from get gets getting give given go goes going
gone got had has hasn have haven having he hello help her here hers hey hi him his how i if in into is isn it its itself just know let
like ll look m make many may maybe me might mine more most much must my myself need needs no nor not now of off oh ok on once one only
onto or other our ours out over own please possible re really s same say she should shouldn since so some somebody someone something
still such sure t tell than thank thanks that the their them then there these they thing things this those through to too try trying ts
until up us use ve very via want wants was wasn we were weren what whatever when where which while who whom whose why will with within
without won would wouldn yes yet you your yours yourself
"""
STOP_WORDS = frozenset(_WORDS.split())

#: Each line: words and phrases that mean much the same to a customer.
SYNONYMS = """
refund, reimbursement, money back, pay back, reimburse
return, send back, give back, bring back, sent back
exchange, swap, replace, replacement, switch
cancel, call off, revoke, stop
delivery, shipping, shipment, dispatch, ship, send
parcel, package, box, stuff
goods, item, product, article, stuff
courier, carrier, postman, driver, delivery man
arrive, come, receive, reach, get here
late, delay, overdue, slow, still waiting
track, trace, follow, status
order, purchase
buy, purchase, bought, order
pay, payment, paid
card, visa, mastercard, credit card, debit card
declined, refused, rejected, failed, fail, not accepted, does not go through
charge, debit, payment, take money, took money
twice, two times, double, duplicate
invoice, bill, receipt
password, passcode, log in, sign in, login
log in, sign in, login, connect, access
account, profile
register, sign up, create account, open account, join
delete, remove, erase, close
unsubscribe, newsletter, mailing list, marketing, spam
email, mail, message
phone, telephone, call, mobile
voucher, coupon, promo code, discount code, promotion
discount, reduction, rebate
gift card, gift voucher
broken, damaged, defective, faulty, smashed, cracked, shattered, scratched, broke, in pieces
breaks, broke, stopped working, stops working, not working
wrong, incorrect, mistake, error, accident
missing, lost, never arrived, not received, nobody gave
stolen, theft, lost, robbed
absent, not at home, away, at work
change, modify, update, edit, alter
address, location, moving house, moved
size, fit, measurement, too small, too large, too big
stock, available, availability, back in stock
warranty, guarantee
repair, fix, mend
price, cost, fee, charge
postage, shipping cost, delivery cost
abroad, foreign, international, overseas, country
tax, vat, duty, customs
contact, reach, talk, speak, human, advisor, person, agent
shop, store, boutique
opening, hours, open
collect, collection, pick up, pickup, fetch
personal data, privacy, gdpr, my details, information
data, information, details
instalment, installment, instalments, each month, every month, spread payments
present, gift, gave me, given
wrap, wrapping
deadline, period, too late, how long, time limit
company, business, firm
review, rating, comment, opinion, feedback
sofa, couch
jumper, sweater, pullover
clean, wash, care, stain
screw, part, spare
manual, instructions, assembly
"""
