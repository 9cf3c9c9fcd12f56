"""Who may do what where, written by hand from `requirements.md` (users) and `architecture.md`, principle 6.

Positions are seen from the post: the unit itself (own), a unit below (child; two levels down: grandchild), the unit
above (parent), one beside it (sibling), one elsewhere in the tree (outside).
"""

from cells.people import rights
from cells.people.models import Role

EVERYWHERE = {"own", "child", "grandchild", "parent", "sibling", "outside"}
DOWN = {"own", "child", "grandchild"}
BELOW = {"child", "grandchild"}
#: figures of the own unit, of units below and of the units above; never of a neighbour
FIGURES = DOWN | {"parent"}
NOWHERE: set[str] = set()

# role, capability, positions in which the answer is yes
TABLE = [
    (Role.BOARD, rights.SEE_FIGURES, FIGURES),
    (Role.BOARD, rights.SEE_PEOPLE, DOWN),
    (Role.BOARD, rights.SEE_SENSITIVE, DOWN),
    (Role.COMMITTEE, rights.SEE_SENSITIVE, DOWN),
    (Role.BRANCH, rights.SEE_SENSITIVE, DOWN),
    (Role.STANDING, rights.SEE_SENSITIVE, NOWHERE),
    (Role.SUPERVISOR, rights.SEE_SENSITIVE, NOWHERE),
    (Role.AUDITOR, rights.SEE_SENSITIVE, NOWHERE),
    (Role.ADMINISTRATOR, rights.SEE_SENSITIVE, NOWHERE),
    (Role.BOARD, rights.ENTER, DOWN),
    (Role.BOARD, rights.BRANCH_WORK, DOWN),
    (Role.BOARD, rights.EXAMINE, DOWN),
    (Role.BOARD, rights.DECIDE, DOWN),
    (Role.BOARD, rights.KEEP_REGISTER, DOWN),
    (Role.BOARD, rights.REVOKE, DOWN),
    (Role.BOARD, rights.ALLOCATE, DOWN),
    (Role.BOARD, rights.SET_TARGETS, DOWN),
    (Role.BOARD, rights.REORGANISE, DOWN),
    (Role.BOARD, rights.APPOINT, DOWN),
    (Role.BOARD, rights.HOLD_CLASSES, DOWN),
    (Role.BOARD, rights.KEEP_CONTACT, DOWN),
    (Role.BOARD, rights.READ_LOG, DOWN),
    (Role.BOARD, rights.ADMINISTER, NOWHERE),
    (Role.BOARD, rights.OVERRIDE, DOWN),
    (Role.COMMITTEE, rights.OVERRIDE, DOWN),
    (Role.BRANCH, rights.OVERRIDE, NOWHERE),
    (Role.STANDING, rights.SEE_FIGURES, FIGURES),
    (Role.STANDING, rights.SEE_PEOPLE, DOWN),
    (Role.STANDING, rights.DECIDE, NOWHERE),
    (Role.STANDING, rights.ALLOCATE, NOWHERE),
    (Role.STANDING, rights.APPOINT, NOWHERE),
    (Role.STANDING, rights.SET_TARGETS, NOWHERE),
    (Role.SUPERVISOR, rights.SEE_FIGURES, FIGURES),
    (Role.SUPERVISOR, rights.SEE_PEOPLE, DOWN),
    (Role.SUPERVISOR, rights.BRANCH_WORK, NOWHERE),
    (Role.SUPERVISOR, rights.APPOINT, NOWHERE),
    (Role.SUPERVISOR, rights.KEEP_CONTACT, NOWHERE),
    (Role.COMMITTEE, rights.SEE_FIGURES, FIGURES),
    (Role.COMMITTEE, rights.SEE_PEOPLE, DOWN),
    (Role.COMMITTEE, rights.ENTER, DOWN),
    (Role.COMMITTEE, rights.BRANCH_WORK, DOWN),
    (Role.COMMITTEE, rights.EXAMINE, DOWN),
    (Role.COMMITTEE, rights.DECIDE, DOWN),
    (Role.COMMITTEE, rights.DECLARE, DOWN),
    (Role.COMMITTEE, rights.ALLOCATE, BELOW),
    (Role.COMMITTEE, rights.SET_TARGETS, NOWHERE),
    (Role.COMMITTEE, rights.APPOINT, DOWN),
    (Role.COMMITTEE, rights.KEEP_CONTACT, DOWN),
    (Role.COMMITTEE, rights.REVOKE, NOWHERE),
    (Role.COMMITTEE, rights.REORGANISE, NOWHERE),
    (Role.COMMITTEE, rights.READ_LOG, NOWHERE),
    (Role.BRANCH, rights.SEE_FIGURES, FIGURES),
    (Role.BRANCH, rights.SEE_PEOPLE, DOWN),
    (Role.BRANCH, rights.ENTER, DOWN),
    (Role.BRANCH, rights.BRANCH_WORK, DOWN),
    (Role.BRANCH, rights.EXAMINE, NOWHERE),
    (Role.BRANCH, rights.DECIDE, NOWHERE),
    (Role.BRANCH, rights.KEEP_REGISTER, NOWHERE),
    (Role.BRANCH, rights.ALLOCATE, NOWHERE),
    (Role.BRANCH, rights.APPOINT, NOWHERE),
    (Role.BRANCH, rights.KEEP_CONTACT, DOWN),
    (Role.BODY, rights.SEE_FIGURES, FIGURES),
    (Role.BODY, rights.SEE_PEOPLE, NOWHERE),
    (Role.TRAINING, rights.SEE_PEOPLE, NOWHERE),
    (Role.TRAINING, rights.HOLD_CLASSES, DOWN),
    (Role.COMMITTEE, rights.HOLD_CLASSES, NOWHERE),
    (Role.BRANCH, rights.HOLD_CLASSES, NOWHERE),
    (Role.STANDING, rights.HOLD_CLASSES, NOWHERE),
    (Role.PROPAGANDA, rights.HOLD_CLASSES, NOWHERE),
    (Role.ADMINISTRATOR, rights.HOLD_CLASSES, NOWHERE),
    (Role.PROPAGANDA, rights.SEE_PEOPLE, NOWHERE),
    (Role.AUDITOR, rights.READ_LOG, DOWN),
    (Role.AUDITOR, rights.SEE_PEOPLE, DOWN),
    (Role.AUDITOR, rights.CORRECT, NOWHERE),
    (Role.AUDITOR, rights.APPOINT, NOWHERE),
    (Role.ADMINISTRATOR, rights.SEE_FIGURES, FIGURES),
    (Role.ADMINISTRATOR, rights.SEE_PEOPLE, NOWHERE),
    (Role.ADMINISTRATOR, rights.CORRECT, NOWHERE),
    (Role.ADMINISTRATOR, rights.APPOINT, NOWHERE),
    (Role.ADMINISTRATOR, rights.ADMINISTER, DOWN),
    (Role.ADMINISTRATOR, rights.SET_TARGETS, DOWN),
]

# kind of the committee's unit, the unit, whether its committee examines, lets pass and decides on admissions
# (`domain.md` §1.2, steps 11 to 13)
DECIDING = [
    ("city", "top", True),
    ("base_committee", "base", True),
    ("base_branch", "base branch", True),
    ("section_committee", "inner", False),
    ("subordinate_committee", "subordinate", False),
    ("branch", "branch", False),
]
