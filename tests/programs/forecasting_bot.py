"""A forecaster over the package forecasting-tools: the address and the key are all it is told.

It forecasts every open question of a tournament, says why, and looks again. What it found is printed as JSON.
"""

import asyncio
import json
import sys

from forecasting_tools import ApiFilter, BinaryQuestion, MetaculusClient

OPTIONS = {"Red": 0.2, "Green": 0.2, "Blue": 0.6}


def run(address: str, tournament: str) -> list[dict[str, object]]:
    """Forecast a tournament's questions, and say what each is read as afterwards."""
    client = MetaculusClient(base_url=address)
    found = []
    for question in client.get_all_open_questions_from_tournament(tournament):
        if isinstance(question, BinaryQuestion):
            client.post_binary_question_prediction(question.id_of_question, 0.7)
        else:
            client.post_multiple_choice_question_prediction(question.id_of_question, OPTIONS)
        client.post_question_comment(question.id_of_post, "The base rate.", is_private=False)
        client.post_question_comment(question.id_of_post, "My reasons.", is_private=True)
        again = client.get_question_by_post_id(question.id_of_post)
        found.append(
            {
                "kind": type(again).__name__,
                "before": question.already_forecasted,
                "after": again.already_forecasted,
                "state": again.state.value,
                "tournaments": again.tournament_slugs,
                "criteria": again.resolution_criteria,
                "price": getattr(again, "community_prediction_at_access_time", None),
            }
        )
    binary = ApiFilter(allowed_statuses=["open"], allowed_types=["binary"], num_forecasters_gte=1)
    found.append({"kind": "matching", "count": len(asyncio.run(client.get_questions_matching_filter(binary)))})
    return found


if __name__ == "__main__":
    print(json.dumps(run(*sys.argv[1:])))  # noqa: T201 -- what it found
