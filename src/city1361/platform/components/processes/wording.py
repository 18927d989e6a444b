"""What the engine says, in the words of the edge: for each code a sentence and a remedy, both to be translated."""

from __future__ import annotations

from typing import Any

from city1361.platform.components.processes.terms import Finding, StepRefused

Words = tuple[str, str, dict[str, Any]]  # sentence, remedy, what fills their places

# {element}: id of the element; {line}: its line; {detail}: what the engine says of it in technical English.
OF_FINDINGS: dict[str, tuple[str, str]] = {
    "way_in": ("“{element}”不能有进入的连线", "请删除该连线"),
    "way_out": ("结束事件“{element}”不能有离开的连线", "请删除该连线"),
    "no_way_in": ("没有连线通向“{element}”", "请补画连线，或删除该元素"),
    "no_way_out": ("“{element}”没有通向下一步的连线", "请连到下一步或结束事件"),
    "unreachable": ("“{element}”永远不会到达", "请补画连线，或删除该元素"),
    "no_end": ("“{element}”没有结束事件", "请补画结束事件"),
    "start": ("“{element}”的开始事件不对（{detail}）", "请只画一个普通开始事件"),
    "boundary": ("边界事件“{element}”放得不对（{detail}）", "请附在任务或子流程上，或删除"),
    "default": ("“{element}”的默认连线不对", "请在排他网关的出线中重新选择默认连线"),
    "condition": ("连线“{element}”的条件不对（{detail}）", "请只在排他网关之后写条件，其余一条设为默认"),
    "event_gateway": ("事件网关处的“{element}”不对（{detail}）", "请在事件网关之后只放定时和消息事件"),
    "endless": ("“{element}”处形成了无人等待的循环", "请在循环中放入任务或等待事件"),
    "service": ("服务任务“{element}”没有指明服务", "请用city:service指明服务"),
    "decision": ("“{element}”要问的决策表不对（{detail}）", "请声明该决策表，并给出它要问的全部变量"),
    "hole": ("决策表“{element}”有空缺：没有一行适用于{detail}", "请补上这一行，或加一行兜底"),
    "call": ("“{element}”要调用的流程不对（{detail}）", "请先发布被调用的流程"),
    "call_cycle": ("“{element}”使流程循环调用", "请改用连线画出循环"),
    "trigger": ("事件“{element}”的种类不对（{detail}）", "请换成允许的事件种类"),
    "timer": ("“{element}”的时间写法不对（{detail}）", "请写明时长、时刻或时限名称"),
    "limit": ("“{element}”的时限写法不对（{detail}）", "请写规则中的时限名称，或数量加单位"),
    "message": ("“{element}”的消息没有声明", "请先声明消息，再引用"),
    "error": ("“{element}”的错误没有声明", "请先声明带代码的错误，再引用"),
    "not_drawn": ("“{element}”没有画在图上", "请用流程图编辑器放好该元素后保存"),
    "refused": ("“{element}”不能运行（{detail}）", "请改用允许的元素，参见流程元素参考"),
    "refused_attribute": ("“{element}”的这种用法不能运行（{detail}）", "请删除该属性"),
    "unknown_attribute": ("“{element}”有不认识的属性（{detail}）", "请删除该属性"),
    "unknown_element": ("“{element}”处有不认识的元素（{detail}）", "请删除该元素"),
    "unknown_extension": ("“{element}”有不认识的扩展（{detail}）", "请改用参考中列出的扩展元素"),
    "extension": ("“{element}”的扩展写法不对（{detail}）", "请对照参考修改"),
    "vendor": ("“{element}”含有会被其他引擎执行的内容", "流程图中的任何内容都不会被执行；请改用已登记的服务"),
    "not_plain": ("文件含有实体或处理指令", "请删除后重试"),
    "language": ("“{element}”的表达式语言不受支持", "请改用CEL书写"),
    "too_long": ("“{element}”处的文字太长", "请缩短"),
    "several": ("“{element}”的多次办理写法不对（{detail}）", "请写明集合、次数或循环条件"),
    "name": ("“{element}”的变量名不能用（{detail}）", "请换一个名称"),
    "input": ("“{element}”的输入不对（{detail}）", "请换一个目标或名称"),
    "output": ("“{element}”的输出不对（{detail}）", "请先声明要写入的变量"),
    "schema": ("流程变量的声明不对（{detail}）", "请声明变量的名称和类型"),
    "type": ("“{element}”的类型不对（{detail}）", "请使用参考中的类型"),
    "expression_syntax": ("“{element}”的表达式有语法错误（{detail}）", "请改正表达式"),
    "expression_type": ("“{element}”的表达式类型不对（{detail}）", "请使用已声明的变量和相应类型的运算"),
    "expression_too_long": ("“{element}”的表达式太长", "请拆成几个变量"),
    "expression_too_deep": ("“{element}”的表达式嵌套太深", "请拆成几个变量"),
    "expression_schema": ("“{element}”用到的变量声明不对（{detail}）", "请声明变量的名称和类型"),
    "id": ("“{element}”的编号缺失、重复或太长", "请给每个元素各自的编号"),
    "loose_flow": ("连线“{element}”的一端没有连上", "请重新画该连线"),
    "crossing": ("连线“{element}”穿过了子流程的边界", "请在子流程之内结束该连线"),
    "process": ("文件中应有且只有一个可执行的流程", "请只保留一个流程并设为可执行"),
    "too_many": ("文件中的内容太多（{detail}）", "请拆成几个流程"),
    "too_deep": ("“{element}”嵌套太深", "请改为调用另一个流程"),
    "too_large": ("文件太大", "请拆成几个流程"),
    "doctype": ("文件含有文档类型或实体声明", "请删除<!DOCTYPE>后重试"),
    "encoding": ("文件不是UTF-8编码", "请另存为UTF-8"),
    "not_xml": ("文件不是完整的XML（{detail}）", "请重新保存或导出"),
    "not_bpmn": ("文件不是BPMN 2.0流程图", "请导出为BPMN 2.0"),
    "not_dmn": ("文件不是DMN 1.3决策表", "请导出为DMN 1.3"),
    "table": ("文件中应有且只有一张完整的决策表", "请只保留一张决策表"),
    "policy": ("决策表“{element}”的命中方式不受支持", "请选择唯一、首个或任一"),
    "row": ("第{line}行“{element}”的格数与表头不符", "请补齐该行"),
    "overlap": ("决策表有两行可以同时成立（{detail}）", "请收窄其中一行，或改为取首个"),
    "orphan": ("新版本中没有“{element}”的对应位置", "请为它指定新版本中同类的元素"),
    "variable": ("变量“{element}”的值不合新版本的类型", "请保持变量的类型"),
    "not_running": ("流程已经结束", "请保持原样"),
}
OF_STEPS: dict[str, tuple[str, str]] = {
    "no_way_on": ("没有一个条件成立，流程无法继续", "请检查所填内容，或请管理员补上默认连线"),
    "uncaught": ("流程没有为这种错误安排去处", "请重试，或请管理员补画错误边界"),
    "broken_definition": ("流程定义不完整", "请重新发布该流程"),
    "too_far": ("定时器的时刻超出日历", "请检查时限"),
    "not_running": ("流程已经结束", "请刷新后查看"),
    "already_started": ("流程已经开始", "请刷新后查看"),
    "no_such_start": ("流程不能从这里开始", "请选择流程中的开始事件"),
    "unknown_token": ("该环节已不在办理中", "请刷新后查看当前环节"),
    "wrong_kind": ("该环节等待的不是这件事", "请刷新后查看当前环节"),
    "nobody_waits": ("没有环节在等待这条消息", "请核对消息名称和关联编号"),
    "ambiguous_message": ("有几个环节都在等待这条消息", "请指明是哪一个环节"),
    "too_many_instances": ("要办理的次数超出限制（{detail}）", "请减少数量"),
    "too_many_tokens": ("同时进行的环节太多", "请减少并行的数量"),
    "too_many_steps": ("流程会不停地自行推进", "请管理员检查流程图中的循环"),
    "undecided": ("决策表没有给出结果（{detail}）", "请管理员补全决策表"),
    "unknown_variable": ("所给的内容不是该流程的变量（{detail}）", "请核对变量名称"),
    "wrong_value": ("所给的内容类型不对（{detail}）", "请核对所填内容"),
    "expression_missing": ("条件所需的内容还没有（{detail}）", "请补全所需内容"),
    "expression_type": ("条件无法用所给内容判断（{detail}）", "请核对所填内容"),
    "expression_overflow": ("条件中的数值太大", "请核对所填内容"),
    "expression_division": ("条件中出现除以零", "请核对所填内容"),
    "expression_budget": ("条件的计算量太大", "请减少内容，或请管理员简化条件"),
}


def of_finding(finding: Finding) -> Words:
    """What is wrong in a file, or with an instance that is to move."""
    sentence, remedy = OF_FINDINGS[finding.code]
    return sentence, remedy, {"element": finding.element, "line": finding.line, "detail": finding.message}


def of_step(refused: StepRefused) -> Words:
    """Why an instance cannot take an event as it stands."""
    sentence, remedy = OF_STEPS.get(refused.code, OF_STEPS["broken_definition"])
    return sentence, remedy, {"detail": refused.message}
