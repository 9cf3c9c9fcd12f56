"""The log in Vietnamese: what each deed, object and field is called. An unknown name is shown as it is."""

from __future__ import annotations

DEEDS = {
    "add_introducer": "ghi người giới thiệu",
    "admin_add": "thêm trong quản trị",
    "admin_change": "sửa trong quản trị",
    "admin_delete": "xóa trong quản trị",
    "advance": "ghi bước tiếp theo",
    "announce_class": "báo lớp nhận thức",
    "answer_second": "trả lời đề nghị theo dõi trùng",
    "answer_verification": "ghi trả lời thẩm tra",
    "appoint": "ghi chức vụ",
    "approve_base_corrections": "duyệt đính chính số đầu năm",
    "approve_operation_correction": "duyệt đính chính việc sắp xếp",
    "ask_opinion": "lấy ý kiến nhận xét",
    "ask_verification": "gửi thẩm tra lý lịch",
    "assign_helper": "phân công người giúp đỡ",
    "call_off_class": "hủy lớp nhận thức",
    "call_off_operation": "thôi việc sắp xếp đang chờ",
    "change_kind": "đổi loại tổ chức",
    "claim_second": "đề nghị theo dõi người đã có nơi theo dõi",
    "change_password": "đổi mật khẩu",
    "complete": "bổ sung thông tin",
    "correct": "đính chính",
    "correct_class": "sửa lớp nhận thức",
    "create_account": "lập tài khoản",
    "declare_bases": "chốt số đầu năm",
    "declare_results": "khai kết quả",
    "declare_sources": "báo còn nguồn, hết nguồn",
    "delegate": "ủy quyền chức vụ",
    "denied": "bị từ chối",
    "depart": "ghi đảng viên ra khỏi Đảng",
    "dissolve": "giải thể tổ chức",
    "drop": "dừng theo dõi",
    "enrol": "vào sổ đảng viên",
    "end_helper": "ghi thôi giúp đỡ",
    "end_temporary_transfer": "ghi đã trở về sau sinh hoạt tạm thời",
    "enter_papers": "ghi giấy tờ của hồ sơ",
    "found": "thành lập tổ chức",
    "extend_deadline": "gia hạn",
    "freeze_bases": "chốt số đầu năm từ sổ",
    "hold_meeting": "ghi kết quả biểu quyết",
    "import_workbook": "nhập tệp Excel",
    "issue_quotas": "giao chỉ tiêu",
    "save_quota_draft": "lưu bản nháp chỉ tiêu",
    "drop_quota_draft": "bỏ bản nháp chỉ tiêu",
    "join": "tiếp nhận tổ chức",
    "leave": "chuyển tổ chức ra",
    "merge": "sáp nhập tổ chức",
    "move": "chuyển tổ chức sang cấp trên khác",
    "new_paper_rule": "ghi phiên bản giấy tờ phải có",
    "new_rule_version": "ghi phiên bản quy định",
    "move_to_rules": "chuyển sang quy định khác",
    "nominate": "đưa vào danh sách theo dõi",
    "note_milestone": "ghi mốc thời gian",
    "postpone_operation": "ghi việc sắp xếp chờ đến ngày",
    "propose_base_corrections": "đề nghị đính chính số đầu năm",
    "propose_operation_correction": "đề nghị đính chính việc sắp xếp",
    "read": "xem, xuất",
    "read_answer": "đọc trả lời của cấp ủy",
    "receive_opinion": "ghi ý kiến nhận xét",
    "receive": "tiếp nhận đảng viên",
    "recognise": "công nhận chính thức",
    "recognise_without_votes": "công nhận khi chưa đủ biểu quyết",
    "refuse_base_corrections": "không duyệt đính chính số đầu năm",
    "refuse_operation_correction": "không duyệt đính chính việc sắp xếp",
    "relieve": "kết thúc chức vụ",
    "rename": "đổi tên tổ chức",
    "replace_introducer": "thay người giới thiệu",
    "resume": "theo dõi lại",
    "revoke": "hủy việc kết nạp",
    "send_digest": "gửi thư nhắc việc",
    "set_phones": "ghi điện thoại cơ quan",
    "split": "chia tách tổ chức",
    "take_back_around": "hủy nội dung ghi nhầm quanh hồ sơ",
    "take_back_paper": "hủy giấy tờ ghi nhầm",
    "take_back_vote": "hủy lần biểu quyết",
    "transfer": "chuyển sinh hoạt",
    "transfer_temporarily": "ghi sinh hoạt tạm thời nơi khác",
    "withdraw": "hủy chức vụ ghi nhầm",
}

SUBJECTS = {
    "awareness_class": "lớp nhận thức",
    "base": "số đầu năm",
    "candidacy": "hồ sơ",
    "entry": "dòng nhật ký",
    "figures": "số liệu",
    "list": "danh sách",
    "operation": "việc sắp xếp",
    "organisation": "tổ chức",
    "person": "người",
    "post": "chức vụ",
    "paper_rule": "giấy tờ phải có",
    "rule": "quy định",
    "search": "tìm kiếm",
    "spell": "đảng viên",
    "stage_event": "bước của hồ sơ",
    "user": "tài khoản",
    "second_claim": "đề nghị theo dõi trùng",
    "vote": "lần biểu quyết",
    "waiting_operation": "việc sắp xếp đang chờ",
    "workbook": "tệp Excel",
}

FIELDS = {
    "attempt": "lần biểu quyết",
    "base": "tổng số được biểu quyết",
    "base_reason": "lý do khác sổ",
    "base_source": "tổng số lấy từ",
    "base_told": "tổng số gồm",
    "blank": "trắng, không hợp lệ",
    "born": "ngày sinh",
    "certificate": "chứng nhận lớp nhận thức mới",
    "born_precision": "mức rõ của ngày sinh",
    "day": "ngày",
    "days": "số ngày gia hạn",
    "closes_on": "bế giảng",
    "decision": "gia hạn quyết định kết nạp",
    "ethnicity": "dân tộc",
    "exempt_present": "người được miễn có dự",
    "form": "hình thức biểu quyết",
    "from_day": "từ ngày",
    "member_file": "hoàn thành lý lịch đảng viên",
    "name": "họ và tên",
    "needed": "số phiếu cần",
    "no": "không tán thành",
    "note": "ghi chú",
    "held_by": "nơi mở lớp",
    "number": "số văn bản",
    "opens_on": "khai giảng",
    "office_phone": "điện thoại cơ quan",
    "asked_on": "ngày gửi",
    "place": "nơi đến",
    "together_since": "cùng đơn vị, nơi cư trú từ",
    "present": "có mặt",
    "reason": "lý do",
    "received": "chi bộ nhận quyết định",
    "recognised": "quyết định công nhận",
    "recognition": "gia hạn quyết định công nhận",
    "religion": "tôn giáo",
    "asks_clearance": "phải xin ý kiến về tiêu chuẩn chính trị",
    "strata": "diện",
    "schooling": "học vấn theo quy định",
    "reviewed": "chi bộ xét công nhận",
    "rules_of": "theo quy định của ngày",
    "sex": "giới tính",
    "stage": "giai đoạn",
    "to_day": "trước ngày",
    "total": "tổng số",
    "yes": "tán thành",
}


#: fields that tell of a religion, of politics or of what a verification found, and papers that do
SENSITIVE = frozenset({"religion", "strata", "asks_clearance", "clearance", "result"})


def is_sensitive(text: str) -> bool:
    """Whether a field's name, or the codes that a note lists, tell what only some may know (`domain.md` §8)."""
    return not SENSITIVE.isdisjoint(text.replace(";", " ").split())


def deed(name: str) -> str:
    return DEEDS.get(name, name)


def subject(name: str) -> str:
    return SUBJECTS.get(name, name)


def field(name: str) -> str:
    """A field's name; a unit's code or another mark before it stays."""
    mark, _, last = name.rpartition(" ")
    said = FIELDS.get(last, last)
    return f"{mark} {said}".strip()
