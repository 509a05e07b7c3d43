from django.urls import path

from .views import year_plan

urlpatterns = [
    path("", year_plan.plans, name="plans"),
    path("begin/", year_plan.begin, name="begin_plan"),
    path("<int:year>/", year_plan.plan, name="year_plan"),
    path("<int:year>/goals/new/", year_plan.new_goal, name="new_goal"),
    path("<int:year>/goals/<slug:reference>/", year_plan.goal, name="goal"),
    path(
        "<int:year>/goals/<slug:reference>/result/",
        year_plan.set_result,
        name="goal_result",
    ),
    path("<int:year>/arrange/", year_plan.arrange, name="arrange_plan"),
    path("<int:year>/up/", year_plan.put_up, name="put_up_plan"),
    path("<int:year>/sign/", year_plan.sign, name="sign_plan"),
    path(
        "<int:year>/sign/correct/",
        year_plan.correct_signature,
        name="correct_signature",
    ),
    path(
        "<int:year>/sign/strike/", year_plan.strike_signature, name="strike_signature"
    ),
    path("<int:year>/withdraw/", year_plan.withdraw, name="withdraw_plan"),
    path("<int:year>/amend/", year_plan.amend, name="amend_plan"),
    path("<int:year>/leave/", year_plan.leave, name="leave_plan"),
    path("<int:year>/versions/<int:number>/", year_plan.paper, name="plan_paper"),
]
