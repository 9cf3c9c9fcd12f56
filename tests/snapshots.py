"""What stands in the database, as plain values: to see that a deed left it, or another way led to the same."""

from cells.models import BodyPlace, Operation, Place, Style, Succession
from membership.models import Candidacy, CaseMove, Spell


def structure() -> dict[str, list[tuple]]:
    """All that the works on the structure write; voided rows and posts are left out."""
    places = Place.objects.order_by("organisation", "from_day", "pk")
    styles = Style.objects.order_by("organisation", "from_day")
    spells = Spell.objects.order_by("person", "from_day")
    return {
        "places": list(
            places.values_list("organisation__code", "parent__code", "from_day", "to_day", "opened_as", "closed_as")
        ),
        "styles": list(styles.values_list("organisation__code", "name", "kind__code", "sector", "from_day", "to_day")),
        "spells": list(
            spells.values_list(
                "person", "organisation__code", "standing", "started_by", "ended_by", "from_day", "to_day"
            )
        ),
        "bodies": list(
            BodyPlace.objects.order_by("body", "from_day").values_list(
                "body", "organisation__code", "from_day", "to_day"
            )
        ),
        "cases": list(Candidacy.objects.order_by("pk").values_list("person", "organisation__code", "stage")),
        "moves": list(
            CaseMove.objects.order_by("candidacy", "day").values_list(
                "candidacy", "origin__code", "destination__code", "day"
            )
        ),
        "operations": list(
            Operation.objects.order_by("organisation", "day").values_list(
                "organisation__code", "work", "day", "related__code", "destination", "decision_number", "reason"
            )
        ),
        "successions": list(
            Succession.objects.order_by("predecessor", "successor").values_list(
                "predecessor__code", "successor__code", "day"
            )
        ),
    }
